import { z } from 'zod';
import { command, query } from '../contract.js';
import { fieldError, instant, pageOf, paging, storableText, versionMax } from '../wire.js';

export const jsonObject = z.record(z.string(), z.unknown());

const name = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_]*$/);

const uiSchema = jsonObject.describe('Presentation hints, in the conventions of react-jsonschema-form.');

/** The name of a parameter type in an address: any text, so that one that names nothing is not found. */
export const parameterTypeName = storableText(200).describe('The name of a parameter type.');

/** A parameter type: the JSON Schema of its values, and how a form shows them. */
export const parameterTypeBody = z
  .strictObject({
    name,
    schema: jsonObject.describe('A JSON Schema (2020-12) that each value must satisfy.'),
    ui_schema: uiSchema.default({}),
  })
  .meta({ id: 'ParameterTypeBody' });

/** Rules and orders rely on the schema, so only the presentation changes. */
export const parameterTypeChangeBody = z
  .strictObject({
    version: z.int().min(1).max(versionMax).describe('The version that the change is based on.'),
    ui_schema: uiSchema,
  })
  .meta({ id: 'ParameterTypeChangeBody' });

export const parameterType = z
  .object({
    name: z.string(),
    schema: jsonObject,
    ui_schema: jsonObject,
    version: z.int().min(1).describe('Counts the changes of `ui_schema`, from 1. The schema never changes.'),
    saved_at: instant,
    changed_at: instant.nullable(),
  })
  .meta({ id: 'ParameterType' });

export const parameterTypeCheckBody = z
  .strictObject({
    schema: jsonObject.describe('A JSON Schema (2020-12), saved or not.'),
    ui_schema: uiSchema.optional(),
    value: z
      .unknown()
      .optional()
      .describe('A value to check against the schema; without it only the schema is checked.'),
  })
  .meta({ id: 'ParameterTypeCheckBody' });

export const parameterTypeCheck = z
  .object({
    accepted: z.boolean().describe('Whether nothing is wrong.'),
    errors: z
      .array(fieldError)
      .describe('What is wrong, with pointers into the request: `/schema/…`, `/ui_schema` or `/value/…`.'),
  })
  .meta({ id: 'ParameterTypeCheck' });

export const saveParameterType = command({
  type: 'subscriptions.save-parameter-type.v1',
  service: 'subscriptions',
  subject: 'name',
  about: 'Saves a parameter type under a new name.',
  refusals: ['PARAMETER_TYPE_EXISTS', 'SCHEMA_INVALID'],
  request: parameterTypeBody,
  response: parameterType,
});

export const changeParameterType = command({
  type: 'subscriptions.change-parameter-type.v1',
  service: 'subscriptions',
  subject: 'name',
  about: 'Changes how a form presents a parameter type. Its schema never changes.',
  refusals: ['PARAMETER_TYPE_NOT_FOUND', 'PARAMETER_TYPE_CHANGED', 'SCHEMA_INVALID'],
  request: parameterTypeChangeBody.extend({ name: parameterTypeName }),
  response: parameterType,
});

export const getParameterType = query({
  type: 'subscriptions.get-parameter-type.v1',
  service: 'subscriptions',
  about: 'One parameter type.',
  refusals: ['PARAMETER_TYPE_NOT_FOUND'],
  request: z.object({ name: parameterTypeName }),
  response: parameterType,
});

export const listParameterTypes = query({
  type: 'subscriptions.list-parameter-types.v1',
  service: 'subscriptions',
  about: 'All parameter types, by name.',
  request: z.object(paging(z.tuple([storableText(200)]))),
  response: pageOf(parameterType),
});

export const checkParameterType = query({
  type: 'subscriptions.check-parameter-type.v1',
  service: 'subscriptions',
  about: 'Whether a schema could be saved, and whether a value satisfies it. Nothing is saved.',
  request: parameterTypeCheckBody,
  response: parameterTypeCheck,
});
