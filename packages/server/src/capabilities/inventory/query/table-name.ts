/** What types are called as tables: `AWS:InstanceInformation` is `instance_information`, `Custom:RackInfo` is `custom_rack_info`. Pure. */
export function tableName(typeName: string): string {
  const [, kind, name = ''] = /^(AWS|Custom):(.*)$/s.exec(typeName) ?? []
  // AWSComponent is aws_component.
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
  const plain = words.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  return kind === 'Custom' ? `custom_${plain}` : plain
}
