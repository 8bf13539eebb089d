using System.Text.Json;
using Dapr.Common;
using Dapr.Common.Serialization;
using Dapr.Workflow.Client;
using Dapr.Workflow.Serialization;
using DaprRollouts.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.Workflow.Registration;

/// <summary>Builds a client from the environment, the configuration and what is set here.</summary>
public sealed class DaprWorkflowClientBuilder : DaprGenericClientBuilder<DaprWorkflowClient>
{
    private Func<IServiceProvider?, IDaprSerializer> _serializer;

    public DaprWorkflowClientBuilder(IConfiguration? configuration = null)
        : base(configuration)
    {
        _serializer = _ => new JsonDaprSerializer(JsonSerializerOptions);
        UseGrpcChannelOptions(SidecarChannel.Options());
    }

    internal IServiceProvider? Services { get; init; }

    public DaprWorkflowClientBuilder UseSerializer(IDaprSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _serializer = _ => serializer;
        return this;
    }

    public DaprWorkflowClientBuilder UseSerializer(Func<IServiceProvider, IWorkflowSerializer> serializerFactory)
    {
        ArgumentNullException.ThrowIfNull(serializerFactory);
        _serializer = services => serializerFactory(
            services ?? throw new InvalidOperationException("A serializer factory needs a client that is built by the container."));
        return this;
    }

    public DaprWorkflowClientBuilder UseJsonSerializer(JsonSerializerOptions jsonOptions) =>
        UseSerializer(new JsonWorkflowSerializer(jsonOptions));

    public override DaprWorkflowClient Build()
    {
        var (channel, http, _, apiToken) = BuildDaprClientDependencies(typeof(DaprWorkflowClient).Assembly);
        http.Dispose();
        return new DaprWorkflowClient(
            new TaskHubSidecarService.TaskHubSidecarServiceClient(SidecarChannel.WithMetadata(channel.CreateCallInvoker(), apiToken)),
            _serializer(Services),
            Services?.GetService<TimeProvider>() ?? TimeProvider.System,
            channel);
    }
}
