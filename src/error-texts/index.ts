/** `flooim/error-texts`: texts for every error code, and for the history of a connection. The core does not contain them. */
import type { FlooErrorCode } from '../errors.ts';
import { EN } from './en.ts';
import type { ErrorLanguage, ErrorTexts } from './texts.ts';
import { ZH } from './zh.ts';

export { explanationText, stateText, stepText, waitingText } from './explanation-text.ts';
export type { ErrorLanguage } from './texts.ts';

const TEXTS: { readonly [language in ErrorLanguage]: ErrorTexts } = { zh: ZH, en: EN };

/**
 * Returns one sentence for the user about what happened.
 *
 * @param code - `reason` of the error
 * @param language - `'zh'` or `'en'`
 * @example
 * import { errorText } from 'flooim/error-texts';
 *
 * im.on('flooError', ({ error }) => console.log(errorText(error.reason, 'en')));
 */
export function errorText(code: FlooErrorCode, language: ErrorLanguage): string {
  const [text] = TEXTS[language][code];
  return text;
}

/**
 * Returns one sentence about what the app or the user can do.
 *
 * @param code - `reason` of the error
 * @param language - `'zh'` or `'en'`
 */
export function errorHint(code: FlooErrorCode, language: ErrorLanguage): string {
  const [, hint] = TEXTS[language][code];
  return hint;
}
