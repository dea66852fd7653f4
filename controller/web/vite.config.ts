import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The console is served by the controller itself: every file comes from its own address (P11).
export default defineConfig({
  plugins: [react()],
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': 'http://127.0.0.1:8480', '/sign-in': 'http://127.0.0.1:8480' } },
});
