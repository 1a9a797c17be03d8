export const queues = ['payment', 'approval', 'settlement'] as const;

export const sorts = ['newest', 'oldest', 'due'] as const;
