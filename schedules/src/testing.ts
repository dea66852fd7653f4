export { aPolicy, aSeries, VIET_NAM } from './builders.ts';
