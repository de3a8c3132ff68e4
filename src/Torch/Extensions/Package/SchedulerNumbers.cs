using System.Globalization;
using System.Reflection;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Osteon.Torch;

/// <summary>
/// Where TorchSharp's package serves the tensors: a schedule's state as numbers. The package cannot save one, so its numeric fields are
/// read and written, those of the schedules that it is made of too. Rates, momenta and betas are the optimiser's state.
/// </summary>
public static class SchedulerNumbers
{
    /// <summary>Where it stands.</summary>
    public static Dictionary<string, double> state_dict(this LRScheduler schedule)
    {
        var state = new Dictionary<string, double>();
        Visit(schedule, string.Empty, (key, value) => state[key] = value);
        return state;
    }

    /// <summary>Puts this schedule where a saved one stood; load the optimiser's state as well.</summary>
    /// <exception cref="InvalidOperationException">The state is another kind of schedule's; nothing was changed.</exception>
    public static void load_state_dict(this LRScheduler schedule, IReadOnlyDictionary<string, double> state)
    {
        var expected = schedule.state_dict().Keys.ToHashSet();
        if (!expected.SetEquals(state.Keys))
        {
            throw new InvalidOperationException($"The state does not fit this {schedule.GetType().Name}: it has {string.Join(", ", state.Keys.Order())}, not {string.Join(", ", expected.Order())}.");
        }

        Visit(schedule, string.Empty, (key, _) => state[key]);
    }

    // Every number passes through a function that may replace it.
    private static void Visit(LRScheduler schedule, string prefix, Func<string, double, double> number)
    {
        foreach (var field in Fields(schedule.GetType()))
        {
            var key = prefix + field.Name;
            switch (field.GetValue(schedule))
            {
                case int or double:
                    var old = Convert.ToDouble(field.GetValue(schedule), CultureInfo.InvariantCulture);
                    var replaced = number(key, old);
                    if (!replaced.Equals(old))
                    {
                        field.SetValue(schedule, Convert.ChangeType(replaced, field.FieldType, CultureInfo.InvariantCulture));
                    }

                    break;
                case IList<double> list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        list[i] = number($"{key}.{i}", list[i]);
                    }

                    break;
                case IEnumerable<LRScheduler> parts:
                    foreach (var (i, part) in parts.Index())
                    {
                        Visit(part, $"{key}.{i}.", number);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic))
            {
                yield return field;
            }
        }
    }
}
