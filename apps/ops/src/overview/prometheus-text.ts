/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/**
 * Parses the text exposition format: https://prometheus.io/docs/instrumenting/exposition_formats/. Lines that are not
 * samples are skipped.
 */
export function parseMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const each of text.split('\n')) {
    const [, name, labels = '', value = ''] = line.exec(each) ?? [];
    if (!name) continue;
    samples.push({ name, labels: parseLabels(labels), value: parseValue(value) });
  }
  return samples;
}

function parseLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(label)].map(([, name, value = '']) => [
      name,
      value.replace(/\\./g, (escaped) => escapes[escaped] ?? escaped),
    ]),
  );
}

function parseValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
