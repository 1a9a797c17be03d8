import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FuzzDocument, FuzzOperation } from './operations.js';
import type { FuzzRequest } from './requests.js';
import type { FuzzAnswer } from './send.js';

/** What a server may answer to an address or to headers that belong to no operation. */
const outside = [400, 404, 405, 406, 414, 415, 431];
const leak = /\n\s+at |node_modules|\.[jt]s:\d+|SQLSTATE|syntax error at|violates .* constraint|ECONNREFUSED/;

type Content = NonNullable<FuzzOperation['answers'][number]['content']>;

/** Compares answers with what a document promises. */
export class AnswerCheck {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor({ components }: FuzzDocument) {
    formats.default(this.#ajv);
    this.#ajv.addFormat('idn-email', true);
    this.#ajv.addSchema({ $id: 'document', components });
  }

  /** What is wrong with the answer; undefined when nothing is. */
  fault(operation: FuzzOperation, request: FuzzRequest, answer: FuzzAnswer): string | undefined {
    const { status, text } = answer;
    const documented = operation.answers[status];
    if (leak.test(text) && !answer.type.includes('text/csv'))
      return `${status} shows its insides: ${text.slice(0, 600)}`;
    if (status >= 500 && status !== 503) return `${status}: ${text.slice(0, 600)}`;
    if (!documented && !(request.isOutside && outside.includes(status)))
      return `${status} is not documented: ${text.slice(0, 600)}`;
    if (status >= 400 && answer.type.includes('text/html') && documented?.content?.['text/html']) return undefined;
    if (status >= 400) {
      const promised = request.isOutside ? undefined : documented;
      return problemFault(answer, promised?.description) ?? this.#shapeFault(operation, answer, promised?.content);
    }
    return this.#shapeFault(operation, answer, documented?.content);
  }

  #shapeFault(operation: FuzzOperation, { status, text }: FuzzAnswer, content: Content = {}): string | undefined {
    const [promised] = Object.entries(content);
    if (!promised?.[1].schema || !['application/json', 'application/problem+json'].includes(promised[0])) {
      return undefined;
    }
    const validate = this.#validator(`${operation.name} ${status}`, promised[1].schema);
    const body = parsed(text);
    return validate(body)
      ? undefined
      : `${status} is not as documented: ${this.#ajv.errorsText(validate.errors)}: ${text.slice(0, 600)}`;
  }

  #validator(name: string, schema: object): ValidateFunction {
    const known = this.#compiled.get(name);
    if (known) return known;
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'));
    const compiled = this.#ajv.compile(absolute);
    this.#compiled.set(name, compiled);
    return compiled;
  }
}

function problemFault({ status, type, text }: FuzzAnswer, description = ''): string | undefined {
  const problem = parsed(text) as Record<string, unknown> | undefined;
  if (!type.includes('application/problem+json'))
    return `${status} is no problem document but ${type}: ${text.slice(0, 300)}`;
  const { code, trace_id: trace } = problem ?? {};
  if (problem?.status !== status) return `the problem of a ${status} says ${problem?.status}: ${text.slice(0, 300)}`;
  if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]+$/.test(code))
    return `${status} has no code: ${text.slice(0, 300)}`;
  if (typeof trace !== 'string' || !/^[0-9a-f]{32}$/.test(trace))
    return `${status} has no trace_id: ${text.slice(0, 300)}`;
  const codes: string[] = description.match(/`[A-Z][A-Z0-9_]+`/g) ?? [];
  return codes.length === 0 || codes.includes(`\`${code}\``)
    ? undefined
    : `${status} has the undocumented code ${code}: ${text.slice(0, 300)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
