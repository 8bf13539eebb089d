using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Which objects of a type a list or watch is about.</summary>
internal sealed record Selection(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public static Selection Of(ResourceType type, RequestTarget target, Func<string, string?> query)
    {
        var fields = query("fieldSelector");
        if (target.Name is { } name)
        {
            fields = $"metadata.name={name}" + (fields is null ? "" : $",{fields}");
        }
        return new Selection(target.Namespace, LabelSelector.Parse(query("labelSelector")), FieldSelector.Parse(type, fields));
    }

    public IEnumerable<StoredObject> From(ShelfView view) => view.In(Namespace).Where(IsSelected);

    public bool IsEverything => Labels.IsEverything && Fields.IsEverything;

    public bool Matches(StoredObject item) =>
        (string.IsNullOrEmpty(Namespace) || item.Key.Namespace == Namespace) && IsSelected(item);

    private bool IsSelected(StoredObject item) =>
        (Labels.IsEverything || Labels.Matches(item.Labels)) && (Fields.IsEverything || Fields.Matches(item));
}
