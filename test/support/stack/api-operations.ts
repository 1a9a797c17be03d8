/** The roles of tokens, and nobody. */
export const callers = ['anonymous', 'member', 'publisher', 'admin', 'ops'] as const;
export type CallerName = (typeof callers)[number];

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
}

interface Operation {
  readonly 'x-roles'?: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

/** What the matrix reads of an OpenAPI document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** One operation of the API, and who may call it. */
export interface ApiOperation {
  readonly method: string;
  /** Below `/api`, with its parameters in braces. */
  readonly path: string;
  readonly roles: readonly string[];
  /** The names of the parameters of its query. */
  readonly query: readonly string[];
  /** The type and an example of its body; undefined for an operation without one. */
  readonly body: { readonly type: string; readonly example: unknown } | undefined;
}

/**
 * Every operation of the document.
 * @throws Error when one does not say who may call it, or names a role that there is not
 */
export function operationsOf({ paths, components }: ApiDocument): ApiOperation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const { 'x-roles': roles = [], requestBody, parameters = [] } = operation;
      if (roles.length === 0) throw new Error(`${name} does not say who may call it`);
      for (const role of roles) {
        if (!callers.some((caller) => caller === role)) throw new Error(`${name} is for the unknown role ${role}`);
      }
      const [content] = Object.entries(requestBody?.content ?? {});
      return {
        method: method.toUpperCase(),
        path: path.replace(/^\/api/, ''),
        roles,
        query: parameters.filter((one) => one.in === 'query').map((one) => one.name),
        body: content && { type: content[0], example: exampleOf(content[1].schema, components?.schemas ?? {}) },
      };
    }),
  );
}

function exampleOf(schema: Schema | undefined, schemas: Readonly<Record<string, Schema>>): unknown {
  const [first = schema] = schema?.anyOf ?? [];
  const named = first?.$ref ? schemas[first.$ref.split('/').at(-1) as string] : first;
  return named?.examples?.[0] ?? {};
}
