import type { FlooClient } from 'flooim';
import { el } from './dom.ts';
import { explain } from './format.ts';
import type { Names } from './names.ts';
import type { Target } from './target.ts';

export interface NewChatDeps {
  im: FlooClient;
  names: Names;
  onOpen(target: Target): void;
}

/** Asks for the name and members of a new group. */
export async function showNewGroup({ im, names, onOpen }: NewChatDeps): Promise<void> {
  const friends = await im.rosterManage.asyncGetRosterIdList();
  const name = el('input', { name: 'group-name', required: true, maxlength: 60, autocomplete: 'off' });
  const choices = friends.map((id) => el('input', { type: 'checkbox', value: id }));
  const list = choices.map((choice, index) =>
    el('label', { class: 'choice' }, choice, names.user(String(friends[index]))),
  );
  showDialog(
    'New group',
    'Create',
    [
      el('label', {}, 'Group name', name),
      el(
        'fieldset',
        {},
        el('legend', {}, 'Members'),
        ...(list.length > 0 ? list : ['No friends yet; the group will be yours alone.']),
      ),
    ],
    async () => {
      const user_list = choices.filter(({ checked }) => checked).map(({ value }) => Number(value));
      const group = await im.groupManage.asyncCreate({ name: name.value.trim(), user_list });
      // The name is needed now; the notice of the new group may come later.
      await im.groupManage.asyncGetJoinedGroups(true);
      onOpen({ type: 'group', id: String(group.group_id) });
    },
  );
}

/** Asks for the user id of a new conversation. This demo has no friend requests. */
export function showNewChat({ im, onOpen }: NewChatDeps): void {
  const id = el('input', {
    name: 'user-id',
    required: true,
    pattern: '\\d{1,20}',
    inputmode: 'numeric',
    autocomplete: 'off',
  });
  const own = el('p', { class: 'hint' }, 'Your own id: ', el('code', {}, String(im.userManage.getUid())));
  showDialog('New chat', 'Open', [el('label', {}, 'User id', id), own], async () =>
    onOpen({ type: 'roster', id: id.value.trim() }),
  );
}

/** Shows a form. If `submit` fails, the dialog stays open and shows the error. */
function showDialog(title: string, action: string, fields: HTMLElement[], submit: () => Promise<void>): void {
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const button = el('button', { type: 'submit', class: 'primary' }, action);
  const dialog = el(
    'dialog',
    { 'aria-label': title, onclose: () => dialog.remove() },
    el(
      'form',
      {
        onsubmit: (event: Event) => {
          event.preventDefault();
          void run();
        },
      },
      el('h2', {}, title),
      ...fields,
      problem,
      el(
        'div',
        { class: 'actions' },
        el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
        button,
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();

  async function run(): Promise<void> {
    button.disabled = true;
    try {
      await submit();
      dialog.close();
    } catch (error) {
      problem.textContent = explain(error);
      problem.hidden = false;
    }
    button.disabled = false;
  }
}
