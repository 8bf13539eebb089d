using System.Diagnostics.CodeAnalysis;
using Dapr.Workflow.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>The registered workflows and activities by name, whatever the case. The first registration of a name wins.</summary>
internal sealed class WorkflowsFactory(ILogger<WorkflowsFactory> logger) : IWorkflowsFactory
{
    private readonly Dictionary<string, Func<IServiceProvider, IWorkflow>> _workflows = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<IServiceProvider, IWorkflowActivity>> _activities = new(StringComparer.OrdinalIgnoreCase);

    public void RegisterWorkflow<TWorkflow>(string? name = null)
        where TWorkflow : class, IWorkflow =>
        Add(_workflows, name ?? typeof(TWorkflow).Name, services => ActivatorUtilities.CreateInstance<TWorkflow>(services));

    public void RegisterWorkflow<TInput, TOutput>(string name, Func<WorkflowContext, TInput, Task<TOutput>> implementation)
    {
        var workflow = new FunctionWorkflow<TInput, TOutput>(implementation);
        Add(_workflows, name, _ => workflow);
    }

    public void RegisterActivity<TActivity>(string? name = null)
        where TActivity : class, IWorkflowActivity =>
        Add(_activities, name ?? typeof(TActivity).Name, services => ActivatorUtilities.CreateInstance<TActivity>(services));

    public void RegisterActivity<TInput, TOutput>(string name, Func<WorkflowActivityContext, TInput, Task<TOutput>> implementation)
    {
        var activity = new FunctionActivity<TInput, TOutput>(implementation);
        Add(_activities, name, _ => activity);
    }

    public bool TryCreateWorkflow(
        TaskIdentifier identifier,
        IServiceProvider serviceProvider,
        [NotNullWhen(true)] out IWorkflow? workflow,
        out Exception? activationException) =>
        TryCreate(_workflows, identifier, serviceProvider, out workflow, out activationException);

    public bool TryCreateActivity(
        TaskIdentifier identifier,
        IServiceProvider serviceProvider,
        [NotNullWhen(true)] out IWorkflowActivity? activity,
        out Exception? activationException) =>
        TryCreate(_activities, identifier, serviceProvider, out activity, out activationException);

    private void Add<T>(Dictionary<string, Func<IServiceProvider, T>> known, string name, Func<IServiceProvider, T> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!known.TryAdd(name, create))
        {
            logger.LogWarning("{Name} is already registered as {Kind}; the first registration stays", name, typeof(T).Name);
        }
    }

    private static bool TryCreate<T>(
        Dictionary<string, Func<IServiceProvider, T>> known,
        TaskIdentifier identifier,
        IServiceProvider services,
        [NotNullWhen(true)] out T? made,
        out Exception? failure)
        where T : class
    {
        (made, failure) = (null, null);
        if (!known.TryGetValue(identifier.Name, out var create))
        {
            return false;
        }

        try
        {
            made = create(services);
            return true;
        }
#pragma warning disable CA1031 // Whatever a constructor throws is the caller's to report.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
            return false;
        }
    }
}
