using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Osteon.Reporting;

/// <summary>Builds HTML in which everything put into a hole of an interpolated string is encoded; only literals are markup.</summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>Appends our own style sheet, the one text that is neither encoded nor written here.</summary>
    public Html AddStyle(string css)
    {
        _text.Append("<style>\n").Append(css).Append("</style>\n");
        return this;
    }

    /// <summary>Appends JSON for a script to read, in which nothing can end the element.</summary>
    /// <param name="json">The text; it may hold names from outside.</param>
    /// <param name="id">The element's, by which the script finds it.</param>
    public Html AddData(string json, string id = "data")
    {
        _text.Append("<script type=\"application/json\" id=\"").Append(id).Append("\">").Append(json.Replace("<", "\\u003c", StringComparison.Ordinal)).Append("</script>\n");
        return this;
    }

    /// <summary>Appends our own script, which holds no text from outside; the page's policy must allow its hash.</summary>
    public Html AddScript(string script)
    {
        _text.Append("<script>").Append(script).Append("</script>\n");
        return this;
    }

    /// <summary>All so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Takes an interpolated string apart.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder _text;

        public Markup(int literalLength, int formattedCount, Html html)
        {
            _text = html._text;
            _text.EnsureCapacity(_text.Length + literalLength + (formattedCount * 16));
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(text ?? ""));

        public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

        /// <summary>A length in an SVG; scores are formatted by <see cref="Numbers"/> first.</summary>
        public void AppendFormatted(double length) => _text.Append(Numbers.Length(length));

        /// <summary>Base64, whose letters need no encoding.</summary>
        public void AppendFormatted(byte[] bytes) => _text.Append(Convert.ToBase64String(bytes));

        /// <summary>Markup built elsewhere.</summary>
        public void AppendFormatted(Html html) => _text.Append(html._text);
    }
}
