/** Parameters of a URL, each of which a link may leave out. */
export function optional<Values extends object>(values: Values): { [Name in keyof Values]?: Values[Name] | undefined } {
  return values;
}
