using Dapr.Common.Serialization;

namespace Dapr.Workflow.Serialization;

/// <summary>Turns payloads to text and back.</summary>
public interface IWorkflowSerializer : IDaprSerializer;
