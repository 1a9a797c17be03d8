const fieldError = { field: '/person_id', code: 'MALFORMED', message: 'Invalid UUID' };

/** One example of each named shape of problem documents, by the name of its schema. */
export const problemsExamples = {
  FieldError: fieldError,
  Problem: {
    type: 'urn:matricula:problem:invalid-input',
    title: 'Bad Request',
    status: 400,
    code: 'INVALID_INPUT',
    detail: 'person_id: Invalid UUID',
    field: fieldError.field,
    errors: [fieldError],
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  },
};
