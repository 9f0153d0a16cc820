/**
 * Fields of Janus that hold ids. An id has up to 64 bits and is a number in the JSON of Janus, which no number of JavaScript holds
 * exactly, so it is decimal text here. Quotes in a text are escaped in JSON: no text of a message looks like such a field.
 */
const ID_FIELD = /"(session_id|handle_id|id|room|feed|private_id)":"(\d+)"/g;

/** The JSON text of a request. Ids, which are decimal text, become numbers in it. */
export const printJanus = (request: object): string => JSON.stringify(request).replace(ID_FIELD, '"$1":$2');
