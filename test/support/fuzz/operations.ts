import type { Schema } from './schema-values.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface DocumentedAnswer extends Content {
  readonly $ref?: string;
  readonly description?: string;
}

/** What the fuzzer reads of an OpenAPI document. */
export interface FuzzDocument {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly Parameter[];
            readonly requestBody?: Content;
            readonly responses: Readonly<Record<string, DocumentedAnswer>>;
          }
        >
      >
    >
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, DocumentedAnswer>>;
  };
}

/** One operation as the document describes it. */
export interface FuzzOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly type: string; readonly schema: Schema } | undefined;
  /** By status. */
  readonly answers: Readonly<Record<string, DocumentedAnswer>>;
}

/** Every operation of the document. */
export function fuzzOperationsOf({ paths, components }: FuzzDocument): FuzzOperation[] {
  const whole = (answer: DocumentedAnswer) =>
    answer.$ref ? (components.responses?.[answer.$ref.split('/').at(-1) as string] ?? answer) : answer;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody, responses }]) => {
      const [content] = Object.entries(requestBody?.content ?? {});
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters,
        body: content && { type: content[0], schema: content[1].schema ?? {} },
        answers: Object.fromEntries(Object.entries(responses).map(([status, answer]) => [status, whole(answer)])),
      };
    }),
  );
}
