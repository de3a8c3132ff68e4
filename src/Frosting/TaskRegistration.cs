using System.Reflection;
using Cake.Core;
using Cake.Core.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>Turns task classes and their attributes into the engine's tasks.</summary>
internal static class TaskRegistration
{
    public static void Register(IServiceProvider provider)
    {
        var engine = provider.GetRequiredService<ICakeEngine>();
        var context = provider.GetRequiredService<IFrostingContext>();
        foreach (var task in provider.GetServices<IFrostingTask>())
        {
            var wanted = ContextOf(task.GetType());
            if (wanted.IsInstanceOfType(context))
            {
                Register(task, engine.RegisterTask(NameOf(task.GetType())), context);
            }
            else
            {
                provider.GetRequiredService<ICakeLog>().Warning("Task {0} is left out: it needs the context {1}.", NameOf(task.GetType()), wanted.FullName);
            }
        }

        if (provider.GetService<IFrostingSetup>() is { } setup)
        {
            engine.RegisterSetupAction(info => setup.Setup(context, info));
        }

        if (provider.GetService<IFrostingTeardown>() is { } teardown)
        {
            engine.RegisterTeardownAction(info => teardown.Teardown(context, info));
        }

        if (provider.GetService<IFrostingTaskSetup>() is { } taskSetup)
        {
            engine.RegisterTaskSetupAction(info => taskSetup.Setup(context, info));
        }

        if (provider.GetService<IFrostingTaskTeardown>() is { } taskTeardown)
        {
            engine.RegisterTaskTeardownAction(info => taskTeardown.Teardown(context, info));
        }
    }

    private static void Register(IFrostingTask task, CakeTaskBuilder builder, IFrostingContext context)
    {
        var type = task.GetType();
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } described)
        {
            builder.Description(described.Description);
        }

        // Only what a class overrides is registered: an action makes a task more than a group of its dependencies,
        // a criterion can skip it, an error handler swallows its failure.
        if (Overrides(type, "Run") || Overrides(type, "RunAsync"))
        {
            builder.Does(task.RunAsync);
        }

        if (Overrides(type, "ShouldRun"))
        {
            builder.WithCriteria(task.ShouldRun, task.SkippedMessage);
        }

        if (Overrides(type, "OnError"))
        {
            builder.OnError(exception => task.OnError(exception, context));
        }

        if (Overrides(type, "Finally"))
        {
            builder.Finally(() => task.Finally(context));
        }

        if (type.IsDefined(typeof(ContinueOnErrorAttribute)))
        {
            builder.ContinueOnError();
        }

        foreach (var earlier in type.GetCustomAttributes<IsDependentOnAttribute>())
        {
            builder.IsDependentOn(NameOf(earlier.Task));
        }

        foreach (var later in type.GetCustomAttributes<IsDependeeOfAttribute>())
        {
            builder.IsDependeeOf(NameOf(later.Task));
        }
    }

    private static string NameOf(Type type) => typeof(IFrostingTask).IsAssignableFrom(type)
        ? type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name
        : throw new FrostingException($"'{type.FullName}' is named as a dependency and is no task.");

    private static Type ContextOf(Type task)
    {
        for (var type = task; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(FrostingTask<>) || open == typeof(AsyncFrostingTask<>)))
            {
                return type.GenericTypeArguments[0];
            }
        }

        return typeof(ICakeContext);
    }

    private static bool Overrides(Type task, string method) => task
        .GetMethods(BindingFlags.Instance | BindingFlags.Public)
        .Any(m => m.Name == method && m.DeclaringType?.Assembly != typeof(IFrostingTask).Assembly);
}
