using Osteon.Abstractions;
using static Osteon.Models.Tests.PthSamples;

namespace Osteon.Models.Tests;

/// <summary>Pickles made to harm; none runs, hangs or fills the memory.</summary>
public sealed class PickleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-pickle-");

    private string Target => Path.Combine(_folder.FullName, "hostile.pth");

    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "runs a command", Pickle("cposix\nsystem\nU\u0004true\u0085R"), "opcode 0x63 'c': it names posix.system, which is not allowed" },
        { "runs os.system", Pickle("cos\nsystem\n(U\u0004truetR"), "os.system" },
        { "evaluates", Pickle("c__builtin__\neval\nU\u00011\u0085R"), "__builtin__.eval" },
        { "evaluates, protocol 4", Pickle("\u008c\bbuiltins\u008c\u0004eval\u0093)R"), "opcode 0x93: it names builtins.eval" },
        { "looks up attributes", Pickle("c__builtin__\ngetattr\n"), "getattr" },
        { "opens a name with dots", Pickle("ctorch\nserialization.os.system\n"), "torch.serialization.os.system" },
        { "makes an object", Pickle("ccollections\nOrderedDict\n)\u0081"), "opcode 0x81" },
        { "makes an instance", Pickle("(U\u0001xios\nsystem\n"), "opcode 0x69 'i'" },
        { "looks up an extension", Pickle("\u0082\u0001"), "opcode 0x82" },
        { "calls a text", Pickle("U\u0001x)R"), "'x' cannot be called" },
        { "calls a type", Pickle("ctorch\nFloatStorage\n)R"), "torch.FloatStorage cannot be called" },
        { "calls with the wrong kinds", Pickle("ctorch._utils\n_rebuild_tensor_v2\nN\u0085R"), "_rebuild_tensor_v2 cannot be called with (None)" },
        { "gives a state to a tuple", Pickle(")}b"), "cannot be given the state" },
        { "a protocol too new", Pickle("\u0080\u0005"), "protocol 5" },
        { "a huge integer", Pickle("\u008a", new byte[] { 255 }, new byte[255]), "an integer of 255 bytes" },
        { "a negative integer length", Pickle("\u008b", -5), "an integer of -5 bytes" },
        { "a text of 4 GB", Pickle("X", -1), "4294967295 bytes are wanted" },
        { "a text of negative length", Pickle("T", -1), "-1 bytes are wanted" },
        { "a text of 2^63 bytes", Pickle("\u008d", int.MinValue, int.MinValue), "is cut short or damaged" },
        { "a name without end", Pickle("c", new byte[4000].Select(_ => (byte)'a').ToArray()), "no line of ASCII" },
        { "an empty place of the memo", Pickle("j", -1), "place 4294967295 of the memo is empty" },
        { "an empty stack", Pickle("a"), "the stack is empty" },
        { "a mark pulled from under", Pickle("](0"), "the stack is empty" },
        { "no mark", Pickle("Nt"), "no mark is open" },
        { "a key without value", Pickle("}(Nu"), "a key has no value" },
        { "a key of None", Pickle("}NNs"), "None cannot be a key" },
        { "text that is no UTF-8", Pickle("U\u0001\u00ff"), "no UTF-8" },
        { "marks without end", Pickle(new string('(', 200_000)), "more than 100000 marks are open" },
        { "a billion in the memo", Pickle("]", new string('\u0094', 9_000_000)), "more than 8000000 objects" },
        { "a billion pushed", Pickle(new string('N', 9_000_000)), "more than 8000000 objects" },
        { "a persistent id of another kind", Pickle("U\u0001xQ"), "a persistent id must be" },
        { "a storage of negative length", Tensor([1], [1], length: -1), "storage '0' claims -1 elements" },
        { "a tensor beyond its storage", Tensor([5], [1]), "leaves storage '0' of 4 elements" },
        { "an offset beyond its storage", Tensor([1], [1], offset: 4), "leaves storage" },
        { "a negative offset", Tensor([1], [1], offset: -1), "begins at element -1" },
        { "a negative size", Tensor([-1], [1]), "none negative" },
        { "a negative stride", Tensor([2], [-1], offset: 3), "none negative" },
        { "more strides than sizes", Tensor([2], [1, 1]), "1 axes has 2 strides" },
        { "sizes that leave 64 bits", Tensor([int.MaxValue, int.MaxValue, int.MaxValue, 0], [0, 0, 0, 0]), "is larger than" },
        { "a storage repeated to 4 TB", Tensor([1 << 20, 1 << 20], [0, 0]), "repeats the 4 elements" },
        { "a hundred axes", Tensor(new int[100], new int[100]), "at most 64 integers" },
        { "a list of a list of …", Pickle(new string(']', 300_000), new string('a', 299_999)), "has no state dictionary: it holds a list of 1" },
        { "a tuple of a tuple of …, as a key", Pickle("})", new string('\u0085', 300_000), "Ns"), "a tuple of 1" },
        { "a dictionary that holds itself", Pickle("}q\0U\u0005modelh\0s"), "has no state dictionary" },
        { "a storage that is not there", Tensor([4], [1], key: "../../etc/passwd"), "none of that name" },
        { "a storage that is shorter", Tensor([4], [1], length: 8), "the file has 16 bytes under that name" },
        { "a storage that claims more than memory", Tensor([1], [1], length: int.MaxValue), "the file has 16 bytes under that name" },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_pickle_is_refused_that(string does, byte[] pickle, string reason)
    {
        Assert.NotEmpty(does);
        using var scope = TorchSharp.torch.NewDisposeScope();
        File.WriteAllBytes(Target, Zipped(pickle, ("0", new byte[16])));
        var message = Assert.Throws<DataException>(() =>
        {
            var contents = PthFile.Read(Target);
            contents.Read(Weights.FindStateDict(contents));
        }).Message;
        Assert.StartsWith(Target, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_byte_named_is_the_opcode_s_place_in_the_file()
    {
        var bytes = Zipped(Pickle("NNcos\nsystem\n"));
        File.WriteAllBytes(Target, bytes);
        var message = Assert.Throws<DataException>(() => PthFile.Read(Target)).Message;
        Assert.Contains($"at byte {bytes.AsSpan().IndexOf("cos\nsystem"u8)},", message, StringComparison.Ordinal);
    }
}
