using System.Diagnostics.CodeAnalysis;
using Dapr.Workflow;
using Dapr.Workflow.Abstractions;
using Dapr.Workflow.Worker;

namespace DaprRollouts.Tests.Contracts;

/// <summary>Takes down the names under which workflows and activities are registered.</summary>
internal sealed class RegisteredNames : IWorkflowsFactory
{
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Of(params IEnumerable<Action<WorkflowRuntimeOptions>> catalogs)
    {
        var options = new WorkflowRuntimeOptions();
        foreach (var register in catalogs)
        {
            register(options);
        }

        var names = new RegisteredNames();
        options.ApplyRegistrations(names);
        return names._names;
    }

    public void RegisterWorkflow<TWorkflow>(string? name = null)
        where TWorkflow : class, IWorkflow => _names.Add($"workflow {name}");

    public void RegisterWorkflow<TInput, TOutput>(string name, Func<WorkflowContext, TInput, Task<TOutput>> implementation) => _names.Add($"workflow {name}");

    public void RegisterActivity<TActivity>(string? name = null)
        where TActivity : class, IWorkflowActivity => _names.Add($"activity {name}");

    public void RegisterActivity<TInput, TOutput>(string name, Func<WorkflowActivityContext, TInput, Task<TOutput>> implementation) => _names.Add($"activity {name}");

    public bool TryCreateWorkflow(
        TaskIdentifier identifier, IServiceProvider serviceProvider, [NotNullWhen(true)] out IWorkflow? workflow, out Exception? activationException) =>
        throw new NotSupportedException();

    public bool TryCreateActivity(
        TaskIdentifier identifier, IServiceProvider serviceProvider, [NotNullWhen(true)] out IWorkflowActivity? activity, out Exception? activationException) =>
        throw new NotSupportedException();
}
