import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Misconfigured, readConfig } from './config.js';

const schema = z.object({ PORT: z.coerce.number().int().min(1), NAME: z.string(), HOST: z.string().default('::1') });

describe('settings from the environment', () => {
  it('are parsed, with defaults for what is missing or empty', () => {
    expect(readConfig(schema, { PORT: '80', NAME: 'x', HOST: '' })).toEqual({ PORT: 80, NAME: 'x', HOST: '::1' });
  });

  it('name every fault at once', () => {
    expect(() => readConfig(schema, { PORT: 'eighty' })).toThrow(Misconfigured);
    expect(() => readConfig(schema, { PORT: 'eighty' })).toThrow(/PORT[\s\S]*NAME/);
  });

  it('say in plain words what is missing', () => {
    const withMode = schema.extend({ MODE: z.enum(['fast', 'safe']) });
    expect(() => readConfig(withMode, { PORT: '', NAME: '' })).toThrow(
      'This service cannot start with these settings:\n  PORT: is missing\n  NAME: is missing\n  MODE: is missing',
    );
  });
});
