/** Languages that are a script as a whole. */
export const SCRIPT = /^([cm]?[jt]s|[jt]sx)$/;

/** Languages with tags, in which scripts may be. */
export const MARKUP = /^(html|vue|wxml)$/;

export interface ScriptInMarkup {
  readonly attributes: string;
  readonly code: string;
  /** How many lines of the markup are before it. */
  readonly lines: number;
}

/** The scripts in HTML or a Vue component, and the markup without them. */
export function splitMarkup(markup: string): { scripts: ScriptInMarkup[]; rest: string } {
  const scripts: ScriptInMarkup[] = [];
  const rest = markup.replace(
    /<script([^>]*)>([^]*?)<\/script>/g,
    (_, attributes: string, code: string, at: number) => {
      if (code.trim()) scripts.push({ attributes, code, lines: markup.slice(0, at).split('\n').length - 1 });
      return `<script${attributes}></script>`;
    },
  );
  return { scripts, rest };
}
