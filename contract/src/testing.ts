export {
  aConfig,
  aHealthSample,
  aHello,
  aPlan,
  aPolicy,
  aSound,
  EXAMPLE_MS,
  sha256Of,
  someKeys,
  TEST_KEYS,
} from './builders.ts';
