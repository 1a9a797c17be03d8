/**
 * The planner cannot know how many rows an array will have, nor how a table will have grown by the time a cached plan
 * runs, so the choice is made here: tables are reached through their indexes. To a planner who believes a table empty
 * any index is as good as the right one, so rows are asked for by keys of theirs alone: a condition beside them, as
 * `state = 'held'`, would invite the index of all that is held of a code.
 */
export const setPlans = `set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off`;
