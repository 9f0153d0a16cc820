import type { FlooErrorCode } from '../errors.ts';

/** For each code: what happened, and what the app or its user can do. A missing code does not compile. */
export type ErrorTexts = { readonly [code in FlooErrorCode]: readonly [text: string, hint: string] };

/** Language of the texts. */
export type ErrorLanguage = 'zh' | 'en';
