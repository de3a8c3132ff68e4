using System.Security.Cryptography;
using System.Text;

namespace Osteon.Datasets;

/// <summary>Where a store's files lie.</summary>
internal static class StoreLayout
{
    public static string List(string folder) => Path.Combine(folder, "cases.json");

    /// <summary>A case's file. An id that is no plain file name (it comes from the data set) is replaced by its digest.</summary>
    public static string Case(string folder, string id)
    {
        var plain = id.Length is > 0 and <= 200 && char.IsAsciiLetterOrDigit(id[0])
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        var name = plain ? id : "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16));
        return Path.Combine(folder, "cases", name + ".case");
    }
}
