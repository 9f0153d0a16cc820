import type { ConnectionStatus } from '../chronicle/connection-status.ts';
import type { Explanation, WaitingItem } from '../chronicle/explanation.ts';
import type { Step } from '../chronicle/step.ts';
import { HISTORY_EN } from './history-en.ts';
import { seconds } from './history-texts.ts';
import type { HistoryTexts } from './history-texts.ts';
import { HISTORY_ZH } from './history-zh.ts';
import type { ErrorLanguage } from './texts.ts';

const TEXTS: { readonly [language in ErrorLanguage]: HistoryTexts } = { zh: HISTORY_ZH, en: HISTORY_EN };

/**
 * Returns one sentence for a status line.
 *
 * @param status - payload of `connectionState`, or `state` of an explanation
 * @param language - `'zh'` or `'en'`
 * @example
 * import { stateText } from 'flooim/error-texts';
 *
 * im.on('connectionState', (status) => console.log(stateText(status, 'en')));
 */
export function stateText({ reason }: Pick<ConnectionStatus, 'reason'>, language: ErrorLanguage): string {
  return TEXTS[language].states[reason];
}

/**
 * Returns one sentence about a step in the history of the connection, with its details.
 *
 * @param step - one of `steps` of an explanation
 * @param language - `'zh'` or `'en'`
 */
export function stepText(step: Step, language: ErrorLanguage): string {
  const texts = TEXTS[language];
  const sentence = sentenceOf(texts.steps, step);
  return step.times === undefined ? sentence : `${sentence} ${texts.times(step.times)}`;
}

/**
 * Returns one sentence about something that waits.
 *
 * @param item - one of `waiting` of an explanation
 * @param language - `'zh'` or `'en'`
 */
export function waitingText({ reason }: Pick<WaitingItem, 'reason'>, language: ErrorLanguage): string {
  return TEXTS[language].waiting[reason];
}

/**
 * Returns an explanation as lines of text: the state, what waits with its numbers, and the steps, each with
 * the time since then.
 *
 * @param explanation - what `im.explain()` resolved with
 * @param language - `'zh'` or `'en'`
 * @example
 * import { explanationText } from 'flooim/error-texts';
 *
 * console.log(explanationText(await im.explain(), 'en'));
 */
export function explanationText(explanation: Explanation, language: ErrorLanguage): string {
  const { headings } = TEXTS[language];
  const { state, waiting, steps } = explanation;
  return [
    `${headings.state}: ${stateText(state, language)}`,
    ...waiting.map((item) => `${headings.waiting}: ${item.count} × ${waitingText(item, language)}`),
    `${headings.steps}:`,
    ...steps.map((step) => `${seconds(step.at - explanation.at)} s: ${stepText(step, language)}`),
  ].join('\n');
}

function sentenceOf(texts: HistoryTexts['steps'], step: Step): string {
  // The compiler does not follow that the text of a code takes the details of the same code.
  const text = texts[step.code] as string | ((details: unknown) => string);
  return typeof text === 'string' ? text : text('details' in step ? step.details : undefined);
}
