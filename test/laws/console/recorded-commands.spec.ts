import { expect, it } from '@jest/globals';
import { words } from '../../../apps/console/web/src/messages/en/money/actions.ts';
import { sourceTree } from '../source-tree.ts';

/** Commands that change something with an id are recorded when an admin gives them. */
const commands = [...sourceTree('libs/contracts/src/**/*.ts').values()].flatMap((text) =>
  [...text.matchAll(/command\(\{\s*type: '\w+\.([\w-]+)\.v\d+',(?:(?!\}\);)[\s\S])*?\bsubject: '/g)].map(
    ([, name]) => name as string,
  ),
);
const links = [...sourceTree('apps/console/web/src/screens/actions/subject-link.tsx').values()].join();

it('every command that is recorded has words, and leads to what it changed', () => {
  expect(commands.length).toBeGreaterThan(25);
  expect(commands.filter((name) => !(name in words.kinds))).toEqual([]);
  expect(commands.filter((name) => !links.includes(`'${name}': `))).toEqual([]);
});
