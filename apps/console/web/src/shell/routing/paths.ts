/** Whether a path is one of these, in which `$name` stands for any one part. */
export function isPathOf(paths: readonly string[], path: string): boolean {
  return paths.some((known) => new RegExp(`^${known.replaceAll(/\$\w+/g, '[^/]+')}/?$`).test(path));
}
