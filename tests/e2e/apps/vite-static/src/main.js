import './style.css';

document.querySelector('#answer').textContent = 'The script has run.';
import('./later.js').then(({ text }) => {
	document.body.append(text);
});
