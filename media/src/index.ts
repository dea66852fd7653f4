export type { FfmpegCandidate, FfmpegEnv, FfmpegSource } from './ffmpeg/ffmpeg-candidates.ts';
export { type FfmpegBinary, resolveFfmpeg } from './ffmpeg/resolve-ffmpeg.ts';
export type { TranscodeJob } from './ffmpeg/transcode-job.ts';
export { createTranscoder, type TranscodeOptions, type Transcoder } from './ffmpeg/transcoder.ts';
export { measureDurationMs } from './recipe/measure-duration.ts';
export {
  type LoudnessObstacle,
  type PreparedSound,
  prepareSound,
  RECIPE_VERSION,
} from './recipe/prepare-sound.ts';
export { CHIME_RATE_HZ, renderChime } from './sound/chime.ts';
export { joinSound, type SoundPiece } from './sound/join-sound.ts';
export { waveformPeaks } from './sound/waveform-peaks.ts';
export {
  createOggOpusDecoder,
  decodeOggOpus,
  type MatchSegment,
  MediaError,
  type MediaErrorCode,
  matchRecording,
  type Occurrence,
  type OggOpusStream,
  OPUS_RATE_HZ,
  type RecordingMatch,
  readWav,
  type Samples,
  toFloat,
  toInt16,
  wavHeader,
  writeWav,
} from './sound.ts';
export { createSpeech } from './speech/create-speech.ts';
export {
  normaliseForSpeech,
  type SpeechChange,
  type SpokenText,
} from './speech/normalise/normalise-for-speech.ts';
export type { Speech, SpeechEngine, SpeechOptions, SpeechVoice } from './speech/speech-engine.ts';
