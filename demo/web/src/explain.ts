import { isFlooError } from 'flooim';
import { errorHint, errorText } from 'flooim/error-texts';

/** What went wrong, for the user. */
export function explain(error: unknown): string {
  if (!isFlooError(error)) return error instanceof Error ? error.message : String(error);
  return `${errorText(error.reason, 'en')} ${errorHint(error.reason, 'en')}`;
}
