/** One file of the built pages, as Vite's manifest lists it. */
interface Entry {
  readonly file: string;
  readonly name?: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

export type Manifest = Readonly<Record<string, Entry>>;

/** The scripts that a browser loads for these modules: their chunks, and all that those import. */
export function scriptsOf(manifest: Manifest, modules: readonly string[]): Set<string> {
  const files = new Set<string>();
  const add = (name: string): void => {
    const entry = manifest[name];
    if (!entry) throw new Error(`The bundle has no ${name}`);
    if (files.has(entry.file)) return;
    files.add(entry.file);
    for (const imported of entry.imports ?? []) add(imported);
  };
  for (const module of modules) add(module);
  return files;
}

/** The scripts of the first page that anybody loads, before a screen is chosen. */
export function entryOf(manifest: Manifest): string {
  const found = Object.keys(manifest).find((name) => manifest[name]?.isEntry);
  if (!found) throw new Error('The bundle has no entry');
  return found;
}

/**
 * What only these screens load: their modules and all that those import, without what every page has loaded, and
 * without the chunks with the given names.
 */
export function ownScripts(manifest: Manifest, area: RegExp, without: readonly string[]): Set<string> {
  const common = scriptsOf(manifest, [entryOf(manifest)]);
  const shared = new Set(
    Object.values(manifest)
      .filter(({ name }) => without.some((one) => one === name))
      .map(({ file }) => file),
  );
  const modules = Object.keys(manifest).filter((module) => area.test(module));
  return new Set([...scriptsOf(manifest, modules)].filter((file) => !common.has(file) && !shared.has(file)));
}

/** The screens that load a chunk, though they are not among those that may. */
export function screensThatLoad(manifest: Manifest, chunk: string, allowed: RegExp): string[] {
  const file = Object.values(manifest).find(({ name }) => name === chunk)?.file;
  return Object.keys(manifest).filter((module) => {
    if (!/^src\/screens\//.test(module) && manifest[module]?.isEntry !== true) return false;
    return !allowed.test(module) && file !== undefined && scriptsOf(manifest, [module]).has(file);
  });
}
