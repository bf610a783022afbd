export const text = 'Loaded later.';
