import { defineConfig } from 'vite';

export default defineConfig({
	build: {
		assetsInlineLimit: 0, // every asset a file of its own, with a hash in its name
		rolldownOptions: { input: ['index.html', 'about.html'] }
	}
});
