import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DynamicModule, ForwardReference, Type } from '@nestjs/common';
import { PATTERN_HANDLER_METADATA, PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { PatternHandler } from '@nestjs/microservices/enums/pattern-handler.enum.js';
import type { Service } from '#contracts/contract.js';
import type { Catalogue } from './messaging.options.js';

type Importable = Type | DynamicModule | Promise<DynamicModule> | ForwardReference;

/** What a service says and listens to, by type, sorted. */
export interface Traffic {
  readonly hears: readonly string[];
  readonly answers: readonly string[];
  readonly tells: readonly string[];
}

/** What the catalogue expects of a service. */
export function declaredTraffic(service: Service, { facts, requests }: Catalogue): Traffic {
  return {
    hears: sorted(facts.filter(({ consumers }) => consumers.includes(service))),
    answers: sorted(requests.filter((request) => request.service === service)),
    tells: sorted(facts.filter(({ producer }) => producer === service)),
  };
}

/**
 * What an app really does, for the test that compares it with the catalogue: what its controllers declare with
 * `@EventPattern` and `@MessagePattern`, and which facts its sources make. A fact that is listened to but told by nobody,
 * told but not declared, or declared and forgotten, makes the two differ.
 * @param sources the folder of the app's sources
 */
export async function actualTraffic(module: Importable, sources: string, catalogue: Catalogue): Promise<Traffic> {
  const patterns = { hears: new Set<string>(), answers: new Set<string>() };
  for (const controller of await controllersOf(module)) {
    for (const { type, isEvent } of patternsOf(controller)) (isEvent ? patterns.hears : patterns.answers).add(type);
  }
  return {
    hears: [...patterns.hears].sort(),
    answers: [...patterns.answers].sort(),
    tells: await toldIn(sources, catalogue),
  };
}

async function controllersOf(given: Importable, seen = new Set<unknown>()): Promise<Set<Type>> {
  const imported = await given;
  const module = 'forwardRef' in imported ? imported.forwardRef() : imported;
  const controllers = new Set<Type>();
  if (seen.has(module)) return controllers;
  seen.add(module);
  const [type, dynamic] = 'module' in module ? [module.module, module] : [module as Type, undefined];
  const members = <Member>(name: 'controllers' | 'imports'): Member[] => [
    ...(Reflect.getMetadata(name, type) ?? []),
    ...((dynamic?.[name] ?? []) as Member[]),
  ];
  for (const controller of members<Type>('controllers')) controllers.add(controller);
  for (const inner of members<Importable>('imports')) {
    for (const controller of await controllersOf(inner, seen)) controllers.add(controller);
  }
  return controllers;
}

function patternsOf(controller: Type): { type: string; isEvent: boolean }[] {
  const methods = Object.getOwnPropertyNames(controller.prototype).map((name) => controller.prototype[name]);
  return methods
    .filter((method) => typeof method === 'function')
    .flatMap((method) => {
      const types: string[] = Reflect.getMetadata(PATTERN_METADATA, method) ?? [];
      const isEvent = Reflect.getMetadata(PATTERN_HANDLER_METADATA, method) === PatternHandler.EVENT;
      return types.map((type) => ({ type, isEvent }));
    });
}

/** A contract is used by name: `fact(orderOpened, …)`, or `${orderOpened.type}` in SQL. Consumers use it to listen. */
async function toldIn(folder: string, { facts }: Catalogue): Promise<string[]> {
  const told = new Set<string>();
  for await (const file of glob('**/*.ts', { cwd: folder })) {
    if (/\.(consumer|spec)\.ts$/.test(file)) continue;
    const source = await readFile(join(folder, file), 'utf8');
    const code = source.replaceAll(/^import [^;]*;|typeof \w+|\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    for (const { type } of facts) {
      if (new RegExp(`\\b${contractName(type)}\\b(?!\\s*[(:=])`).test(code) || code.includes(type)) told.add(type);
    }
  }
  return [...told].sort();
}

/** `payments.payment-registered.v1` is `paymentRegistered`, and version 2 of it `paymentRegisteredV2`. */
function contractName(type: string): string {
  const [, name = '', version] = type.split('.');
  const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return version === 'v1' ? camel : `${camel}${version?.toUpperCase()}`;
}

function sorted(contracts: readonly { readonly type: string }[]): string[] {
  return contracts.map(({ type }) => type).sort();
}
