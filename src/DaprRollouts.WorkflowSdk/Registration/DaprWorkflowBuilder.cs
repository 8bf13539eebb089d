using System.Text.Json;
using Dapr.Common.Serialization;
using Dapr.Workflow.Registration;
using Dapr.Workflow.Serialization;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dapr.Workflow;

public static partial class WorkflowServiceCollectionExtensions
{
#pragma warning disable CA1034, CA1815 // Nested and without equality, as in the official package.
    /// <summary>Continues a registration: the worker's serializer and its message sizes.</summary>
    public readonly struct DaprWorkflowBuilder : IDaprWorkflowBuilder
#pragma warning restore CA1034, CA1815
    {
        internal DaprWorkflowBuilder(IServiceCollection services) => Services = services;

        public IServiceCollection Services { get; }

        public DaprWorkflowBuilder WithSerializer(IDaprSerializer serializer)
        {
            ArgumentNullException.ThrowIfNull(serializer);
            Services.Replace(ServiceDescriptor.Singleton(serializer));
            return this;
        }

        public DaprWorkflowBuilder WithSerializer(Func<IServiceProvider, IWorkflowSerializer> serializerFactory)
        {
            ArgumentNullException.ThrowIfNull(serializerFactory);
            Services.Replace(ServiceDescriptor.Singleton<IDaprSerializer>(serializerFactory));
            return this;
        }

        public DaprWorkflowBuilder WithJsonSerializer(JsonSerializerOptions jsonOptions) =>
            WithSerializer(new JsonWorkflowSerializer(jsonOptions));

        public DaprWorkflowBuilder WithGrpcMessageSizeLimits(int? maxReceiveMessageSize = null, int? maxSendMessageSize = null)
        {
            OptionsIn(Services).UseGrpcChannelOptions(new GrpcChannelOptions
            {
                MaxReceiveMessageSize = maxReceiveMessageSize,
                MaxSendMessageSize = maxSendMessageSize,
            });
            return this;
        }
    }
}
