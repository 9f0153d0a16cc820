// No web fonts: the fonts of the system have Chinese, too.
import DefaultTheme from 'vitepress/theme-without-fonts';
import './style.css';

export default DefaultTheme;
