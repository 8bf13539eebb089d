namespace DaprRollouts.Core.Model;

/// <summary>Says which Kubernetes type a free JSON object holds, so that the CRD schema can be generated from it.</summary>
/// <param name="name">The type's name in the Kubernetes API, for example <c>io.k8s.api.core.v1.PodTemplateSpec</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KubernetesTypeAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Marks a member that the CRD schema requires.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredFieldAttribute : Attribute;
