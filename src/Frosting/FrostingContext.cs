using Cake.Core;

namespace Cake.Frosting;

/// <summary>What tasks receive.</summary>
public interface IFrostingContext : ICakeContext;

/// <summary>Base of a build's own context: Cake's, and whatever the build adds.</summary>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext;
