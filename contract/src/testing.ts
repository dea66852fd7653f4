export {
  aConfig,
  aHealthSample,
  aHello,
  aKeyRecord,
  aPlan,
  aPolicy,
  aSound,
  EXAMPLE_MS,
  sha256Of,
  someKeys,
  TEST_KEYS,
} from './builders.ts';
