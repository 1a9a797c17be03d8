export { AdminClassesScreen } from './classes/admin-classes-screen.tsx';
export { ClassScreen, NewClassScreen } from './classes/class-form-screens.tsx';
export { NewParameterTypeScreen } from './parameter-types/new-type-screen.tsx';
export { ParameterTypeScreen } from './parameter-types/type-screen.tsx';
export { ParameterTypesScreen } from './parameter-types/types-screen.tsx';
export { NewRuleScreen, NextVersionScreen } from './rules/rule-form-screens.tsx';
export { RuleScreen } from './rules/rule-screen.tsx';
export { RulesScreen } from './rules/rules-screen.tsx';
