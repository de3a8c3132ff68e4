using System.IO.Compression;
using System.Text;

namespace Osteon.Models.Tests;

/// <summary>Small checkpoints: two that torch 1.13 wrote, and ones made here opcode by opcode.</summary>
internal static class PthSamples
{
    // torch.save({'state_dict': OrderedDict(…), 'epoch': 3}) with base = torch.arange(6.) and, all under 'module.':
    // w = base.view(2, 3).t(), h = half [0.5, -1.25], b = bfloat16 [1.5], n = int64 7, f = [True, False], tail = base[4:].
    public static byte[] Zip { get; } = Convert.FromBase64String(
        "UEsDBAAACAgAAAAAAAAAAAAAAAAAAAAAAAAKABgAYS9kYXRhLnBrbEZCFABaWlpaWlpaWlpaWlpaWlpaWlpaWoACfXEAKFgKAAAAc3RhdGVfZGljdHEBY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0Cn" +
        "ECKVJxAyhYCAAAAG1vZHVsZS53cQRjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3RlbnNvcl92MgpxBSgoWAcAAABzdG9yYWdlcQZjdG9yY2gKRmxvYXRTdG9yYWdlCnEHWAEAAAAwcQhYAwAAAGNwdXEJ" +
        "SwZ0cQpRSwBLA0sChnELSwFLA4ZxDIloAilScQ10cQ5ScQ9YCAAAAG1vZHVsZS5ocRBoBSgoaAZjdG9yY2gKSGFsZlN0b3JhZ2UKcRFYAQAAADFxEmgJSwJ0cRNRSwBLAoVxFEsBhXEViWgCKVJxFn" +
        "RxF1JxGFgIAAAAbW9kdWxlLmJxGWgFKChoBmN0b3JjaApCRmxvYXQxNlN0b3JhZ2UKcRpYAQAAADJxG2gJSwF0cRxRSwBLAYVxHUsBhXEeiWgCKVJxH3RxIFJxIVgIAAAAbW9kdWxlLm5xImgFKCho" +
        "BmN0b3JjaApMb25nU3RvcmFnZQpxI1gBAAAAM3EkaAlLAXRxJVFLACkpiWgCKVJxJnRxJ1JxKFgIAAAAbW9kdWxlLmZxKWgFKChoBmN0b3JjaApCb29sU3RvcmFnZQpxKlgBAAAANHEraAlLAnRxLF" +
        "FLAEsChXEtSwGFcS6JaAIpUnEvdHEwUnExWAsAAABtb2R1bGUudGFpbHEyaAUoKGgGaAdoCGgJSwZ0cTNRSwRLAoVxNEsBhXE1iWgCKVJxNnRxN1JxOHVYBQAAAGVwb2NocTlLA3UuUEsHCD7wcnZa" +
        "AgAAWgIAAFBLAwQAAAgIAAAAAAAAAAAAAAAAAAAAAAAACAAwAGEvZGF0YS8wRkIsAFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaAAAAAAAAgD8AAABAAABAQAAAgE" +
        "AAAKBAUEsHCBeQ55EYAAAAGAAAAFBLAwQAAAgIAAAAAAAAAAAAAAAAAAAAAAAACAAyAGEvZGF0YS8xRkIuAFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWloAOAC9" +
        "UEsHCAWk7L4EAAAABAAAAFBLAwQAAAgIAAAAAAAAAAAAAAAAAAAAAAAACAAGAGEvZGF0YS8yRkICAFpawD9QSwcIjOhFPAIAAAACAAAAUEsDBAAACAgAAAAAAAAAAAAAAAAAAAAAAAAIAAgAYS9kYX" +
        "RhLzNGQgQAWlpaWgcAAAAAAAAAUEsHCHDW528IAAAACAAAAFBLAwQAAAgIAAAAAAAAAAAAAAAAAAAAAAAACABCAGEvZGF0YS80RkI+AFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa" +
        "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaAQBQSwcIviPCWAIAAAACAAAAUEsDBAAACAgAAAAAAAAAAAAAAAAAAAAAAAAJAAcAYS92ZXJzaW9uRkIDAFpaWjMKUEsHCNGeZ1UCAAAAAgAAAFBLAQ" +
        "IAAAAACAgAAAAAAAA+8HJ2WgIAAFoCAAAKAAAAAAAAAAAAAAAAAAAAAABhL2RhdGEucGtsUEsBAgAAAAAICAAAAAAAABeQ55EYAAAAGAAAAAgAAAAAAAAAAAAAAAAAqgIAAGEvZGF0YS8wUEsBAgAA" +
        "AAAICAAAAAAAAAWk7L4EAAAABAAAAAgAAAAAAAAAAAAAAAAAKAMAAGEvZGF0YS8xUEsBAgAAAAAICAAAAAAAAIzoRTwCAAAAAgAAAAgAAAAAAAAAAAAAAAAAlAMAAGEvZGF0YS8yUEsBAgAAAAAICA" +
        "AAAAAAAHDW528IAAAACAAAAAgAAAAAAAAAAAAAAAAA0gMAAGEvZGF0YS8zUEsBAgAAAAAICAAAAAAAAL4jwlgCAAAAAgAAAAgAAAAAAAAAAAAAAAAAGAQAAGEvZGF0YS80UEsBAgAAAAAICAAAAAAA" +
        "ANGeZ1UCAAAAAgAAAAkAAAAAAAAAAAAAAAAAkgQAAGEvdmVyc2lvblBLBgYsAAAAAAAAAB4DLQAAAAAAAAAAAAcAAAAAAAAABwAAAAAAAAB9AQAAAAAAANIEAAAAAAAAUEsGBwAAAABPBgAAAAAAAA" +
        "EAAABQSwUGAAAAAAcABwB9AQAA0gQAAAAA");

    public static byte[] Sequence { get; } = Convert.FromBase64String(
        "gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5cGVfc2l6ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAA" +
        "AAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAn1xAChYCgAAAHN0YXRlX2RpY3RxAWNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxAilScQMoWAgAAABtb2R1bGUud3EEY3RvcmNoLl91dGlscwpfcmVi" +
        "dWlsZF90ZW5zb3JfdjIKcQUoKFgHAAAAc3RvcmFnZXEGY3RvcmNoCkZsb2F0U3RvcmFnZQpxB1gJAAAAMzk1NjQwMjQwcQhYAwAAAGNwdXEJSwZOdHEKUUsASwNLAoZxC0sBSwOGcQyJaAIpUnENdH" +
        "EOUnEPWAgAAABtb2R1bGUuaHEQaAUoKGgGY3RvcmNoCkhhbGZTdG9yYWdlCnERWAkAAAAzMzM3MTc0ODhxEmgJSwJOdHETUUsASwKFcRRLAYVxFYloAilScRZ0cRdScRhYCAAAAG1vZHVsZS5icRlo" +
        "BSgoaAZjdG9yY2gKQkZsb2F0MTZTdG9yYWdlCnEaWAkAAAAzOTU2MzcwMjRxG2gJSwFOdHEcUUsASwGFcR1LAYVxHoloAilScR90cSBScSFYCAAAAG1vZHVsZS5ucSJoBSgoaAZjdG9yY2gKTG9uZ1" +
        "N0b3JhZ2UKcSNYCQAAADMzMzcxNzA1NnEkaAlLAU50cSVRSwApKYloAilScSZ0cSdScShYCAAAAG1vZHVsZS5mcSloBSgoaAZjdG9yY2gKQm9vbFN0b3JhZ2UKcSpYCQAAADM5NTYzNzc2MHEraAlL" +
        "Ak50cSxRSwBLAoVxLUsBhXEuiWgCKVJxL3RxMFJxMVgLAAAAbW9kdWxlLnRhaWxxMmgFKChoBmgHWAkAAAAzOTU2NDAyNDBxM2gJSwZOdHE0UUsESwKFcTVLAYVxNoloAilScTd0cThScTl1WAUAAA" +
        "BlcG9jaHE6SwN1LoACXXEAKFgJAAAAMzMzNzE3MDU2cQFYCQAAADMzMzcxNzQ4OHECWAkAAAAzOTU2MzcwMjRxA1gJAAAAMzk1NjM3NzYwcQRYCQAAADM5NTY0MDI0MHEFZS4BAAAAAAAAAAcAAAAA" +
        "AAAAAgAAAAAAAAAAOAC9AQAAAAAAAADAPwIAAAAAAAAAAQAGAAAAAAAAAAAAAAAAAIA/AAAAQAAAQEAAAIBAAACgQA==");

    /// <summary>A zip checkpoint of a pickle, of storages by key, and of a byteorder.</summary>
    public static byte[] Zipped(byte[] pickle, params (string Key, byte[] Bytes)[] storages)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            (string Key, byte[] Bytes)[] entries = [("data.pkl", pickle), .. storages.Select(s => (s.Key == "byteorder" ? s.Key : $"data/{s.Key}", s.Bytes))];
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Opcodes, arguments and texts after each other, as protocol 2 begins and a STOP ends them.</summary>
    public static byte[] Pickle(params object[] parts) =>
    [
        0x80, 2,
        .. parts.SelectMany<object, byte>(part => part switch
        {
            string text => Encoding.Latin1.GetBytes(text),
            int number => BitConverter.GetBytes(number),
            byte[] bytes => bytes,
            _ => throw new ArgumentException($"{part}"),
        }),
        (byte)'.',
    ];

    /// <summary>{'w': tensor}: of float elements, with sizes and strides and an offset, of a storage that claims a length.</summary>
    public static byte[] Tensor(int[] size, int[] stride, int offset = 0, int length = 4, string key = "0") => Pickle(
        "}U\u0001wctorch._utils\n_rebuild_tensor_v2\n((U\u0007storagectorch\nFloatStorage\nU", new[] { (byte)key.Length }, key, "U\u0003cpuJ", length, "tQJ", offset,
        "(", Integers(size), "t(", Integers(stride), "t\u0089}tRs");

    private static byte[] Integers(int[] values) => [.. values.SelectMany<int, byte>(v => [(byte)'J', .. BitConverter.GetBytes(v)])];
}
