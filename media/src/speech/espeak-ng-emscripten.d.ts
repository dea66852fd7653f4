/** The part of @echogarden/espeak-ng-emscripten that Loa uses; the package ships no types. */
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakWorker {
    list_voices(): readonly { name: string; languages: readonly { name: string; priority: number }[] }[];
    /** Returns 0 when the voice was found. */
    set_voice(name: string): number;
    set_rate(wordsPerMinute: number): void;
    set_volume(volume: number): void;
    get_samplerate(): number;
    /** Calls back with each piece of sound; returning true stops. */
    synthesize(text: string, onChunk: (samples: Int16Array | null, events: unknown) => boolean): void;
  }
  const load: () => Promise<{ eSpeakNGWorker: new () => EspeakWorker }>;
  // biome-ignore lint/style/noDefaultExport: this is how the package exports it
  export default load;
}
