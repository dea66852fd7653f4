export { MediaError, type MediaErrorCode } from './errors.ts';
export {
  type MatchSegment,
  matchRecording,
  type Occurrence,
  type RecordingMatch,
} from './match/match-recording.ts';
export {
  createOggOpusDecoder,
  decodeOggOpus,
  type OggOpusStream,
  OPUS_RATE_HZ,
} from './sound/decode-ogg-opus.ts';
export { type Samples, toFloat, toInt16 } from './sound/samples.ts';
export { readWav, wavHeader, writeWav } from './sound/wav.ts';
