using System.IO.Compression;
using System.Text;
using Osteon.Abstractions;
using Osteon.Plugins.HandBone;

namespace Osteon.Formats.Tests;

public sealed class HandBoneMetadataTests : IDisposable
{
    private readonly HandBoneFolder _folder = new HandBoneFolder().Case("ID007", "a");

    public void Dispose() => _folder.Dispose();

    private CaseIndex Index() => _folder.Format.Index(_folder.Root);

    private static byte[] Workbook(params object?[][] rows)
    {
        using var stream = new MemoryStream();
        XlsxWriter.Write(stream, rows);
        return stream.ToArray();
    }

    /// <summary>A workbook one of whose parts is replaced.</summary>
    private static byte[] With(string part, Action<Stream> write)
    {
        using var stream = new MemoryStream();
        stream.Write(Workbook(["ID"], ["ID007"]));
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(part)!.Delete();
            using var entry = zip.CreateEntry(part).Open();
            write(entry);
        }

        return stream.ToArray();
    }

    private string Unreadable()
    {
        var finding = Assert.Single(Index().Findings);
        Assert.Equal((Severity.Amber, "unreadable-metadata"), (finding.Severity, finding.Check));
        Assert.Single(Index().Cases);
        return finding.Message;
    }

    [Theory]
    [InlineData("ID007")]
    [InlineData("7")]
    [InlineData(7)]
    public void Reads_a_workbook_with_Korean_headers(object id)
    {
        _folder.File("meta_data.xlsx", Workbook(["ID", "나이", "성별", "체중(몸무게)", "키(신장)", null], ["ID001", 30, "남", 80, 180, null], [id, 25, "여", 52, 163, "네일아트"]));

        var facts = Assert.Single(Index().Cases).Metadata;

        Assert.Equal(
            [("age", "25"), ("height_cm", "163"), ("note", "네일아트"), ("sex", "여"), ("weight_kg", "52")],
            facts.Select(f => (f.Key, f.Value)).Order());
    }

    [Fact]
    public void Reads_the_csv_that_pandas_writes()
    {
        _folder.Text("meta_data.csv", "\uFEFFID,나이,성별,체중(몸무게),키(신장),Unnamed: 5\r\nID007,25,여,52.5,163,\"네일아트, \"\"왼손\"\"\"\r\n");

        var facts = Assert.Single(Index().Cases).Metadata;

        Assert.Equal("52.5", facts["weight_kg"]);
        Assert.Equal("네일아트, \"왼손\"", facts["note"]);
    }

    [Theory]
    [InlineData("cp949")]
    [InlineData("utf-8")]
    [InlineData("utf-8-bom")]
    [InlineData("utf-16")]
    public void Reads_the_encodings_that_Korean_tables_come_in(string encoding)
    {
        const string Text = "ID,나이,성별,체중(몸무게),키(신장),\r\nID007,25,여,52.5,163,네일아트\r\n";
        _folder.File("meta_data.csv", encoding switch
        {
            "cp949" => CodePagesEncodingProvider.Instance.GetEncoding(949)!.GetBytes(Text),
            "utf-8-bom" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Text)],
            "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)],
            _ => Encoding.UTF8.GetBytes(Text),
        });

        var facts = Assert.Single(Index().Cases).Metadata;

        Assert.Empty(Index().Findings);
        Assert.Equal([("age", "25"), ("height_cm", "163"), ("note", "네일아트"), ("sex", "여"), ("weight_kg", "52.5")], facts.Select(f => (f.Key, f.Value)).Order());
    }

    [Fact]
    public void Bytes_of_EUC_KR_are_those_of_its_standard()
    {
        // 나 C2:AA → B3AA, 이 → C0CC (KS X 1001), written out so that no encoder of ours is asked.
        _folder.File("meta_data.csv", [.. "ID,"u8, 0xB3, 0xAA, 0xC0, 0xCC, .. "\nID007,25\n"u8]);
        Assert.Equal("25", Assert.Single(Index().Cases).Metadata["age"]);
    }

    [Fact]
    public void Text_in_no_known_encoding_is_told()
    {
        _folder.File("meta_data.csv", [.. "ID,"u8, 0xB3, 0x20, .. "\nID007,25\n"u8]);
        Assert.Contains("neither in UTF-8 nor in CP949", Unreadable(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ID, 나이 ,성별,체중 (몸무게),키 (신장),비고")]
    [InlineData("id,AGE,Gender,weight,height,note")]
    [InlineData("ID\t연령\t성별\t몸무게\t신장\t비고")]
    [InlineData("ID;나이;성별;체중;키;")]
    public void Headers_are_written_in_many_ways(string header)
    {
        var separator = header.Contains('\t', StringComparison.Ordinal) ? '\t' : header.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        _folder.Text("meta_data.csv", $"{header}\n{string.Join(separator, "ID007", "25", "여", "52.5", "163", "네일아트")}\n");
        Assert.Equal([("age", "25"), ("height_cm", "163"), ("note", "네일아트"), ("sex", "여"), ("weight_kg", "52.5")], Assert.Single(Index().Cases).Metadata.Select(f => (f.Key, f.Value)).Order());
    }

    [Fact]
    public void Hangul_in_parts_is_the_same_Hangul()
    {
        _folder.Text("meta_data.csv", "ID,나이\nID007,25\n".Normalize(NormalizationForm.FormD));
        Assert.Equal("25", Assert.Single(Index().Cases).Metadata["age"]);
    }

    [Fact]
    public void A_title_may_stand_above_the_headers_and_a_row_may_be_missing()
    {
        _folder.File("meta_data.xlsx", Workbook(["손뼈 데이터", null], ["ID", "나이"], ["ID001", 30]));
        Assert.Empty(Assert.Single(Index().Cases).Metadata);
        Assert.Empty(Index().Findings);
    }

    [Fact]
    public void Columns_that_nobody_knows_are_told()
    {
        _folder.Text("meta_data.csv", "ID,Alter\nID007,25\n");
        Assert.Equal(("unreadable-metadata", Severity.Amber), Index().Findings.Select(f => (f.Check, f.Severity)).Single());
    }

    [Fact]
    public void A_number_that_a_spreadsheet_writes_too_long_is_the_one_that_was_typed()
    {
        _folder.File("meta_data.xlsx", With("xl/worksheets/sheet1.xml", s => s.Write(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row><c t=\"inlineStr\"><is><t>ID</t></is></c><c t=\"inlineStr\"><is><t>키(신장)</t></is></c></row><row><c><v>7</v></c><c><v>163.30000000000001</v></c></row></sheetData></worksheet>"u8)));
        Assert.Equal("163.3", Assert.Single(Index().Cases).Metadata["height_cm"]);
    }

    [Fact]
    public void Reads_a_workbook_that_another_program_wrote()
    {
        _folder.File("meta_data.xlsx", File.ReadAllBytes(Path.Combine(Osteon.Testing.SharedData.RepositoryRoot, "tests", "Formats.Tests", "Golden", "meta_data.xlsx")));
        _folder.Case("ID009", "b");

        var facts = Index().Cases.ToDictionary(c => c.Patient, c => c.Metadata.Select(f => (f.Key, f.Value)).Order().ToArray());

        Assert.Empty(Index().Findings);
        Assert.Equal([("age", "25"), ("height_cm", "163.3"), ("note", "네일아트"), ("sex", "여"), ("weight_kg", "52.5")], facts["ID007"]);
        Assert.Equal([("age", "31"), ("height_cm", "158"), ("sex", "여")], facts["ID009"]);
    }

    [Fact]
    public void Joins_rich_text_and_leaves_out_pronunciation()
    {
        _folder.File("meta_data.xlsx", With("xl/sharedStrings.xml", s => s.Write("""
            <sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>I</t></r><r><rPr/><t>D</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si><si><t>ID007</t></si></sst>
            """u8)));

        Assert.Empty(Index().Findings);
    }

    [Fact]
    public void Tells_of_a_second_row_of_a_patient()
    {
        _folder.File("meta_data.xlsx", Workbook(["ID", "나이"], ["ID007", 25], [7, 26]));

        Assert.Equal("duplicate-metadata", Assert.Single(Index().Findings).Check);
        Assert.Equal("25", Index().Cases[0].Metadata["age"]);
    }

    [Fact]
    public void The_same_rows_make_the_same_bytes() => Assert.Equal(Workbook(["ID", 3]), Workbook(["ID", 3]));

    [Fact]
    public void Stops_unpacking_a_zip_bomb()
    {
        var spaces = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
        _folder.File("meta_data.xlsx", With("xl/worksheets/sheet1.xml", s =>
        {
            s.Write("<worksheet>"u8);
            for (var i = 0; i < 40; i++)
            {
                s.Write(spaces);
            }

            s.Write("</worksheet>"u8);
        }));

        Assert.Contains("is not a workbook that can be read", Unreadable(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_document_types()
    {
        _folder.File("meta_data.xlsx", With("xl/sharedStrings.xml", s => s.Write("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><sst>&e;</sst>"u8)));

        Assert.Contains("DTD", Unreadable(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<c r=\"ZZZ1\"><v>1</v></c>", "lies beyond column")]
    [InlineData("<c r=\"A1\" t=\"s\"><v>99</v></c>", "shared string 99")]
    [InlineData("<c r=\"A1\" t=\"s\"><v>-1</v></c>", "shared string -1")]
    public void Refuses_impossible_cells(string cell, string fault)
    {
        _folder.File("meta_data.xlsx", With("xl/worksheets/sheet1.xml", s => s.Write(Encoding.UTF8.GetBytes(
            $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row>{cell}</row></sheetData></worksheet>"))));

        Assert.Contains(fault, Unreadable(), StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_a_file_that_is_no_zip()
    {
        _folder.Text("meta_data.xlsx", "ID,나이");
        Unreadable();
    }

    [Fact]
    public void Wants_a_column_of_ids()
    {
        _folder.File("meta_data.xlsx", Workbook(["나이"], [25]));
        Assert.Contains("no column 'ID'", Unreadable(), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_anywhere_in_a_workbook_is_a_finding_or_changes_a_value()
    {
        var whole = Workbook(["ID", "나이"], ["ID007", 25], ["ID008", 26]);
        var random = new RandomStream(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = whole[..(i % 4 == 0 ? random.NextInt(whole.Length) : whole.Length)];
            for (var k = 0; k <= i % 3 && damaged.Length > 0; k++)
            {
                damaged[random.NextInt(damaged.Length)] = (byte)random.NextInt(256);
            }

            _folder.File("meta_data.xlsx", damaged);
            Assert.True(Record.Exception(Index) is null, $"damage {i} ends the program");
        }
    }
}
