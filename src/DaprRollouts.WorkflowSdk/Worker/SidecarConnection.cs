using Dapr.Workflow.Client;
using DaprRollouts.Protocol;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.Workflow.Worker;

/// <summary>The worker's own connection to its engine, opened when it is first needed.</summary>
internal sealed class SidecarConnection : IDisposable
{
    private readonly Lazy<CallInvoker> _invoker;
    private GrpcChannel? _channel;

    public SidecarConnection(IConfiguration configuration, WorkflowRuntimeOptions options) => _invoker = new Lazy<CallInvoker>(() =>
    {
        _channel = GrpcChannel.ForAddress(
            DaprDefaults.GetDefaultGrpcEndpoint(configuration), SidecarChannel.Options(options.GrpcChannelOptions));
        return SidecarChannel.WithMetadata(_channel.CreateCallInvoker(), DaprDefaults.GetDefaultDaprApiToken(configuration));
    });

    public SidecarConnection(CallInvoker invoker) => _invoker = new Lazy<CallInvoker>(invoker);

    public CallInvoker Invoker => _invoker.Value;

    /// <summary>The way to an engine that this process has registered with the same container; null if there is none.</summary>
    public static CallInvoker? InThisProcess(IServiceProvider? services) =>
        (services as IKeyedServiceProvider)?.GetKeyedService(typeof(CallInvoker), EngineInThisProcess.Key) as CallInvoker;

    public void Dispose() => _channel?.Dispose();
}
