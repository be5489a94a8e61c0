import { defineConfig } from "vite";

// Names without hashes: the built page is committed, and a change of it should read as one.
export default defineConfig({
  base: "/page/",
  build: {
    outDir: "../src/keepwarm/board/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        entryFileNames: "board.js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
