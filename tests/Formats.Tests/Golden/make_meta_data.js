// Writes meta_data.xlsx as exceljs 4.4 does (npm i exceljs): shared strings, styles, a formula with its result, rich text, an empty cell, a number
// that binary fractions make long, and a second sheet that must not be read.
//     node make_meta_data.js
const ExcelJS = require('exceljs');
const book = new ExcelJS.Workbook();
book.created = book.modified = new Date(Date.UTC(2022, 7, 20));
const sheet = book.addWorksheet('메타 데이터');
sheet.addRow(['ID', '나이', '성별', '체중(몸무게)', '키(신장)']);
sheet.addRow(['ID001', 29, '남', 70, 180]);
sheet.addRow(['ID007', { formula: '5*5', result: 25 }, '여', 52.5, 163.1 + 0.2, { richText: [{ text: '네일' }, { font: { bold: true }, text: '아트' }] }]);
sheet.addRow(['ID009', 31, '여', null, 158]);
sheet.getRow(1).font = { bold: true };
book.addWorksheet('else').addRow(['ID', '나이']);
book.xlsx.writeFile('meta_data.xlsx');
