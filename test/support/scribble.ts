/** Writes into everything that a value holds, at any depth, as an app may do with what it gets. */
export function scribble(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const held of Object.values(value)) scribble(held);
  if (Array.isArray(value)) {
    value.push('scribbled');
    return;
  }
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) if (typeof fields[name] !== 'object') fields[name] = 'scribbled';
  fields['added'] = { by: 'the app' };
}
