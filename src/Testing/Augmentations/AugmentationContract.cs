using Osteon.Abstractions;
using Xunit;

namespace Osteon.Testing;

#pragma warning disable CA1707 // names of tests read as sentences

/// <summary>
/// What holds of every augmentation. A plugin's author tests one in a line: <c>public sealed class ShadeTests : AugmentationContract&lt;Shade&gt;;</c>
/// </summary>
/// <typeparam name="T">Its class, with one constructor that takes nothing, or one options record.</typeparam>
public abstract class AugmentationContract<T> where T : Augmentation
{
    /// <summary>The same stream gives the same bytes, and the input stays as it was.</summary>
    [Fact]
    public void The_same_stream_gives_the_same_bytes() => AugmentationChecks.TheSameStreamGivesTheSameBytes(typeof(T));

    /// <summary>A log replays to the same bytes, after its draws went through JSON too.</summary>
    [Fact]
    public void A_log_replays_to_the_same_bytes() => AugmentationChecks.ALogReplaysToTheSameBytes(typeof(T));

    /// <summary>Image and labels come out in one frame, with the depth and the classes they came with.</summary>
    [Fact]
    public void Frame_depth_and_classes_are_preserved() => AugmentationChecks.FrameDepthAndClassesArePreserved(typeof(T));

    /// <summary>What moves pixels does the same to a mask as labels and to a mask as an image.</summary>
    [Fact]
    public void A_mask_as_image_moves_as_the_mask() => AugmentationChecks.AMaskAsImageMovesAsTheMask(typeof(T));

    /// <summary>A class's bit moves as it would in a map of its own.</summary>
    [Fact]
    public void A_class_moves_as_it_would_alone() => AugmentationChecks.AClassMovesAsItWouldAlone(typeof(T));

    /// <summary>Every numeric option states what it allows, and what is outside is refused by its name.</summary>
    [Fact]
    public void Every_range_is_stated_and_kept() => AugmentationChecks.EveryRangeIsStatedAndKept(typeof(T));
}
